-- A table function of one's own over partitions.
-- reads: SERIES
select s.id, f.*
from series s, table(analytics.forecast(s.ts, s.value) over (partition by s.id order by s.ts)) f;
