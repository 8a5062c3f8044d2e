/*---
---
Deal the features into two tables that share no row: four fifths to train on, the rest to judge by.
*/
create or replace table training_data as
select * from features where {{ in_training('transactionid') }};

create or replace table test_data as
select * from features where not ({{ in_training('transactionid') }});

call system$set_return_value('{"training": "TRAINING_DATA", "test": "TEST_DATA"}');
