-- A loop over a query that is written in the loop's cursor.
-- reads: DAYS, EVENTS
-- inserts: PER_DAY
begin
    let days cursor for select distinct day from days order by day;
    for d in days do
        let day date := d.day;
        insert into per_day select :day, count(*) from events where event_day = :day;
    end for;
end;
