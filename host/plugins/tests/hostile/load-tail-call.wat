;; Attack: tail calls, a proposal that is off
;; Expect: refused, not valid

(component
  (core module
    (func $f return_call $f)))
