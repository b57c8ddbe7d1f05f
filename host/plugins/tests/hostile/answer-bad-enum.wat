;; Attack: an enum word that does not exist
;; Expect: trap

(data (i32.const 24) "\00\00\00\00\00\00\00\00\80\00\00\00\01\00\00\00")
;; one status at 128: id, label, section are empty texts, outcome (at 160) is the 200th
(data (i32.const 160) "\c8")
(func $definition (result i32) (i32.const 0))
