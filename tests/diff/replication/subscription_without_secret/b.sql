create subscription k5_s connection 'host=db.example port=5432 password=''se cret'' dbname=shop user=reader' publication one, "Two" with (connect = false, slot_name = none, binary = true, streaming = true, synchronous_commit = 'local');
comment on subscription k5_s is 'reads';
create subscription k5_u connection 'postgresql://reader:hidden@db.example/shop?sslmode=require&sslpassword=x' publication one with (connect = false, slot_name = 'k5_slot', disable_on_error = true);
