;; Attack: an endless loop in the start function, before any call
;; Expect: timeout

(func $s (loop br 0))
(start $s)
