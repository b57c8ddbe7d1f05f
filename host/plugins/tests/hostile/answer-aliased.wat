;; Attack: a list of half a million records that all point to the same large text: copying it would take a gigabyte from 64 KiB
;; Expect: host-budget

(data (i32.const 0) "\00\10\00\00\00\e0\00\00\00\10\00\00\00\e0\00\00\00\10\00\00\00\e0\00\00")
;; sections at 32, as many as fit; each text in them points at the same 56 KiB
(func $definition (result i32)
  (local $at i32)
  (local.set $at (i32.const 65536))
  (drop (memory.grow (i32.const 500)))
  (loop
    (i64.store (local.get $at) (i64.const 246290604625920))
    (local.set $at (i32.add (local.get $at) (i32.const 8)))
    (br_if 0 (i32.lt_u (local.get $at) (i32.const 32000000))))
  (i32.store (i32.const 24) (i32.const 65536))
  (i32.store (i32.const 28) (i32.const 400000))
  (i32.const 0))
