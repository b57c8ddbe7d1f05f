;; Attack: a stream, a proposal that is off
;; Expect: refused, not valid

(component (type (stream u8)))
