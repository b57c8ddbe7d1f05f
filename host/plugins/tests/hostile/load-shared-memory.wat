;; Attack: a memory shared between threads
;; Expect: refused, not valid

(component
  (core module
    (memory 1 1 shared)))
