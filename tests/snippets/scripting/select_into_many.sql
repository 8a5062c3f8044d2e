-- reads: A, B
-- returns: yes
declare
    lo date; hi date; n int;
begin
    select min(d), max(d) into :lo, :hi from a;
    select count(*) into :n from b where d between :lo and :hi;
    call system$set_return_value(to_json(object_construct('lo', :lo, 'hi', :hi, 'n', :n))::varchar);
end;
