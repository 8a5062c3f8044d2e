-- reads: Q, INDEXED
select q.id, m.* from q, lateral (select i.id, vector_cosine_similarity(i.v, q.v) s from indexed i order by s desc limit 5) m;
