-- Set operations, in parentheses and without; MINUS and EXCEPT are one.
-- reads: A, B, C, D, E
(select id from a union all select id from b)
intersect
(select id from c minus select id from d)
except
select id from e
order by id;
