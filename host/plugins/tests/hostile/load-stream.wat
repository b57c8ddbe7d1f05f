;; Attack: a stream, which needs a proposal that is off
;; Expect: refused, not valid

(component (type (stream u8)))
