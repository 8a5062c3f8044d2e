-- With the word TABLE and without.
-- truncates: STAGING.A, STAGING.B
truncate table if exists staging.a;
truncate staging.b;
