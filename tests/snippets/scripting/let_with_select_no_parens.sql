-- reads: T
begin
    let n int default (select max(id) from t);
    let m := n + (select count(*) from t);
    return n + m;
end;
