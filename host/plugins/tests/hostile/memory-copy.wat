;; Attack: the whole heap copied again and again by one instruction
;; Expect: timeout

(func $definition (result i32)
  (drop (memory.grow (i32.const 900)))
  (loop (memory.copy (i32.const 0) (i32.const 1) (i32.const 58982400)) (br 0))
  unreachable)
