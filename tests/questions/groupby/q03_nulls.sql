select id3, sum(v1) as v1, mean(v3) as v3 from x_nulls group by id3
