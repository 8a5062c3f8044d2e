-- reads: PAIRS, WANTED, NAMES
select * from pairs where (a, b) in (select x, y from wanted) and c = any (select n from names);
