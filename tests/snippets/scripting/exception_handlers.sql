-- Handlers write as well.
-- reads: SRC
-- inserts: DST, ERRORS, OTHER_ERRORS
declare
    too_few exception (-20001, 'too few rows in src');
    n int;
begin
    begin
        select count(*) into :n from src;
        if (n < 1) then raise too_few; end if;
        insert into dst select * from src;
    exception
        when too_few then
            insert into errors values (:sqlcode, :sqlerrm, current_timestamp());
            raise;
    end;
exception
    when statement_error or expression_error then
        insert into other_errors select :sqlstate, :sqlerrm;
    when other then
        return object_construct('error', sqlerrm);
end;
