-- A flow: each statement reads the result of the one before.
-- reads: ORDERS
show tasks ->> select "name" from $1 where "state" = 'started' ->> select count(*) from $1 join orders on true;
