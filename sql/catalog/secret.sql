-- purpose: whether option `o` of a foreign object is a secret: by its name, or as its value holds a password
(
  o.option_name ~* '((^|_|ssl|user)(pass(word|wd|phrase)?|pwd)|token|credentials?|(api|access|private|service|sa|encryption)_?key)$'
  or o.option_name ~* 'secret(_?access)?(_?key)?$'
  or o.option_value ~* '://[^/@[:space:]]*:[^/@[:space:]]+@'
  or o.option_value ~* '\m(password|passwd|pwd|token|secret)[[:space:]]*='
)
