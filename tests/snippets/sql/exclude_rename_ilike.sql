-- reads: WIDE
select * exclude (a, b) rename (c as d), w.* ilike '%x%', count(w.*) from wide w;
