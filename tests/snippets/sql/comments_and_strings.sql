-- Comments and strings hold no tables.
-- reads: REAL_ONE
select
    'from fake_one' as a, -- join fake_two
    $$ select * from fake_three $$ as b, /* from fake_four /* */
    // from fake_five
    "from" as c,
    'it''s from fake_six \' from fake_seven' as d
from real_one;
