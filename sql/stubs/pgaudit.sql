-- stub of extension pgaudit: nothing is audited; settings such as pgaudit.log are taken and have no effect
-- source: https://github.com/pgaudit/pgaudit#readme

-- PostgreSQL keeps settings with a prefix that it does not know, so there is nothing to create.
