;; Attack: a data segment that does not fit its memory
;; Expect: trap, out of bounds

(data (i32.const 65530) "0123456789")
