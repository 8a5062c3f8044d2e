-- VALUES in FROM, with and without names for the columns.
-- reads: FACTS
-- replaces: CODES
create or replace table codes as
select v.code, v.label, f.n
from (values ('a', 'Alpha'), ('b', 'Beta')) as v (code, label)
left join (select code, count(*) n from facts group by code) f on f.code = v.code;
select column1, $2 from values (1, 'x'), (2, 'y');
