-- reads: BIG, SMALL
select * from big sample (1) seed (42) union all select s.* from small as s tablesample bernoulli (10.5);
