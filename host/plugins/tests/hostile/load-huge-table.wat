;; Attack: a table of three billion entries declared
;; Expect: refused

(component
  (core module
    (table 3000000000 funcref)))
