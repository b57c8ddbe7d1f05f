;; Attack: the whole heap filled again and again by one instruction
;; Expect: timeout

(func $definition (result i32)
  (drop (memory.grow (i32.const 900)))
  (loop (memory.fill (i32.const 0) (i32.const 7) (i32.const 58982400)) (br 0))
  unreachable)
