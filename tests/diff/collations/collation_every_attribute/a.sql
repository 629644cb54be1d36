create collation a (provider = icu, locale = 'de'); create collation gone (provider = libc, locale = 'C');
