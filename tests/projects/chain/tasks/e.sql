select system$get_predecessor_return_value('G$A'), count(*) from t_d
