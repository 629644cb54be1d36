create table note (short varchar(10) compression pglz, long text compression pglz, other text);
