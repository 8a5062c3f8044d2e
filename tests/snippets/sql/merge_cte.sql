-- The source of a MERGE may have CTEs, and conditions may have subqueries.
-- reads: RAW.SCORES, BLOCKED
-- inserts: SCORES
merge into scores using (
    with best as (select player, max(score) as score from raw.scores group by player)
    select * from best
) b on scores.player = b.player
when matched and b.player not in (select player from blocked) then update set score = b.score
when not matched then insert values (b.player, b.score);
