-- Quoted names keep their case and their characters.
-- reads: "Sales Data"."Order Lines", "lower"."t", UPPER.T, "with ""quotes"""
select o."Line No", l.x, u.y
from "Sales Data"."Order Lines" o
join "lower"."t" l on l.id = o.id
join "UPPER"."T" u on u.id = o.id
join "with ""quotes""" q on q.id = o.id;
