select id4, mean(v1) as v1, mean(v2) as v2, mean(v3) as v3 from x_nulls group by id4
