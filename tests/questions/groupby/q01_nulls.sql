select id1, sum(v1) as v1 from x_nulls group by id1
