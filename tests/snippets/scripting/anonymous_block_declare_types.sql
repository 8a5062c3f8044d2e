-- Types, defaults, casts and arrays.
-- reads: T
declare
    a array default array_construct(1, 2);
    o object default {'k': 1};
    v variant := parse_json('{"x": [1]}');
    d number(10, 2) default 1.5;
    s varchar(10) := 'x' || :d::varchar;
    x := (select max(id) from t);
begin
    let y := a[0]::int + v:x[0]::int;
    return y;
end;
