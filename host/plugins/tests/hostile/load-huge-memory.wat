;; Attack: four gigabytes of memory declared at once
;; Expect: refused, not valid

(component
  (core module
    (memory 65537)))
