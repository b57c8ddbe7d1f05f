;; Attack: all arguments at the same address: this harms only the guest itself
;; Expect: answers
;; Call: editable

(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 1024))
(func $editable (param i32) (result i32) (i32.const 64))
(func $editable_post (param i32))
