//! Settings: typed, validated once, with secrets kept out of sight.
