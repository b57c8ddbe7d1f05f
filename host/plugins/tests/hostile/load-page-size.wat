;; Attack: memory pages of one byte
;; Expect: refused, not valid

(component
  (core module
    (memory 1 (pagesize 1))))
