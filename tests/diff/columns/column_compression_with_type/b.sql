create table note (short varchar(20) compression pglz, long text compression pglz collate "C", other text compression pglz);
