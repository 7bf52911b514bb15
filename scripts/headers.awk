# SPDX-License-Identifier: GPL-2.0-or-later
# Reads the public headers as people read them, and says the same to Doxygen, or what is missing.
#
#     awk -f scripts/headers.awk HEADER               the header with Doxygen's marks (its INPUT_FILTER)
#     awk -v check=1 -f scripts/headers.awk HEADER…   one line for everything that is not said
#
# The form of a header: the first comment is about the file; a comment stands before what it is about,
# and for all declarations up to the next empty line; behind a member, value or macro it is about that one.
# Of a function it ends with "Ownership: … Threads: … Errors: … Cost: … Since 0.1."; what follows "name: " is
# about the parameter of that name, as is a sentence with a name that is no English word (text_len). Of the
# others `usual` says what they always are.

BEGIN {
    usual["error"] = "what went wrong, when the call fails; NULL: not wanted"
    usual["payload"] = "handed to the callback"
    usual["viewer"] = "on whose behalf; NULL: nobody"
    usual["filter"] = "what must hold of a document; NULL: PLURUM_FILTER_INIT"
    usual["options"] = "NULL: the defaults"
    usual["id"] = "key, UUID or short id of the document"
    usual["i"] = "which one, from 0"
    usual["struct_size"] = "its own sizeof, as the macro or function that fills in the defaults sets it"
    usual["job"] = "what all jobs take"
    usual["path"] = "directory of the index"
    usual["now"] = "the moment, Unix seconds"
    usual["name"] = "the word"
    usual["query"] = "what is asked"
    usual["plurum_document"] = "what is put; nothing of it is kept"
    usual["plurum_conflict"] = "what to do where the key is taken"
    usual["plurum_lifecycle"] = "where it is in its life"
    usual["plurum_visibility"] = "who may see it"
    usual["plurum_acquire_mode"] = "the form"
    usual["plurum_facet_kind"] = "names of what"
    usual["plurum_secret_found"] = "told of each finding; NULL: nobody"
    usual["plurum_status"] = "what a call returned"
    usual["plurum_index"] = "an open index"
    usual["plurum_batch"] = "a batch"
    usual["plurum_results"] = "what a search found"
    usual["plurum_history"] = "a history"
    usual["plurum_weights"] = "weights"
    usual["plurum_replay"] = "a replay"
    usual["plurum_why"] = "an answer of plurum_index_why"
    usual["plurum_embedder"] = "an embedder"
    usual["plurum_experience"] = "an experience"
    usual["plurum_trust_state"] = "a record's state"
    usual["plurum_trust_config"] = "parameters that plurum_trust_config_check passes"
    usual["plurum_trust_score"] = "a score"
}

FNR == 1 { finish(); begin_file() }

# ---- comments: gathered into `comment` (before) or `behind` (on the line of what it is about) ----

in_comment { gather($0); next }
/^ *\/\*/ && !decl {
    at = index($0, "/*")
    if (body && at > 9 && held) { reading = "behind" } else { flush(); reading = "comment"; comment = "" }
    gather(substr($0, at + 2))
    next
}

# ---- what is not for readers of the reference ----

/^#ifdef __cplusplus/ { skipping = 1 }
skipping { if (/^#endif/) skipping = 0; next }
/^#(ifndef|define) PLURUM_[A-Z]*_H$/ || /^#include/ || /^#undef/ || /^#endif/ || /^#if defined/ { next }
/^#else/ { skipping = 1; next }
/PLURUM_STATUS_ENUM\(name/ { next }

# ---- declarations ----

/^[ \\]*$/ && !decl { flush(); comment = ""; next }
{
    line = $0
    if (body && line ~ /^}/) { flush(); end_body(line); next }
    if (!decl) { flush(); decl_line = FNR }
    at = index(line, "/*")
    if (at && decl !~ /^#define.*\\$/) {
        reading = "behind"
        rest = substr(line, at + 2)
        line = substr(line, 1, at - 1)
    } else at = 0
    sub(/ +$/, "", line)
    macro = decl ? decl ~ /^#define/ : line ~ /^#define/
    if (macro) {
        if (line ~ /^ *X\([A-Z]+, -?[0-9]+, "/) note_status(line)
        decl = decl (decl ? "\n" : "") line
        if (line ~ /\\$/) next
    } else {
        sub(/^ +/, "", line)
        decl = decl (decl ? " " : "") line
    }
    if (decl ~ /^typedef (struct|enum) [a-z_]+ {$/) begin_body()
    else if (macro || decl ~ /;$/ || (body == "enum" && decl ~ /,$|^[A-Z_0-9]+( = -?[0-9]+)?$|^PLURUM_STATUS_TABLE/)) {
        held = decl
        decl = ""
        if (!body && !macro) flush()
    }
    if (at) gather(rest)
}

END {
    finish()
    for (i = 1; i <= named_count; i++)
        if (!(named[i] in is_status)) { print named_by[i] ": there is no error " named[i]; bad = 1 }
    if (check) exit bad
}

# ---- the parts ----

function begin_file(   parts, n) {
    n = split(FILENAME, parts, "/")
    file = parts[n]
    group = file
    sub(/\.h$/, "", group)
    if (group == "status") group = "status_codes"
    in_comment = skipping = 0
    body = decl = held = comment = behind = ""
    trust = FILENAME ~ /libtrust/
    before_code = 1
    opened_group = 0
}

function finish() {
    if (!file) return
    flush()
    if (!check && opened_group) print "/** @} */"
}

function complain(line, what) {
    printf "%s:%d: %s\n", FILENAME, line, what
    bad = 1
}

# One line of a comment, without its frame.
function gather(text,   end) {
    in_comment = 1
    end = index(text, "*/")
    if (end) { text = substr(text, 1, end - 1); in_comment = 0 }
    sub(/ +$/, "", text)
    sub(/^ *\* ?/, "", text)
    if (reading == "behind" && match(text, /[^ ]   *([0-9.]+|infinity)( \([^)]*\))?$/)) { # a column at the right
        end = substr(text, RSTART + 1)
        sub(/^ +/, "", end)
        text = substr(text, 1, RSTART) ". Default: " end "."
    }
    if (reading == "behind") { sub(/^ +/, "", text); behind = behind (behind ? " " : "") text }
    else {
        if (comment == "") sub(/^ +/, "", text)
        comment = comment (comment == "" ? "" : "\n") text
    }
    if (!in_comment && reading == "comment") end_comment()
}

function end_comment() {
    sub(/^\n/, "", comment)
    sub(/\n$/, "", comment)
    if (comment ~ /^SPDX|^----/) comment = ""
    else if (before_code) { about_file(comment); comment = "" }
}

function about_file(text,   first) {
    before_code = 0
    if (check) return
    first = first_sentence(text)
    printf "/** @file plurum/%s\n%s */\n", file, linked(first)
    sub(/\.$/, "", first)
    printf "/** @defgroup %s plurum/%s: %s\n\n%s\n\n@{ */\n", group, file, first, prose(text)
    opened_group = 1
}

function note_status(line,   name, words) {
    match(line, /\([A-Z]+, -?[0-9]+/)
    split(substr(line, RSTART + 1, RLENGTH - 1), words, ", ")
    match(line, /"[^"]*"/)
    is_status["PLURUM_" words[1]] = 1
    statuses = statuses sprintf("PLURUM_%s = %s, /**< %s */\n", words[1], words[2],
                                substr(line, RSTART + 1, RLENGTH - 2))
}

# Whatever is held is complete.
function flush() {
    if (!held) return
    if (held ~ /^#define/) macro_done()
    else if (body == "struct") members_done()
    else if (body == "enum") value_done()
    else declaration_done()
    held = behind = ""
}

function begin_body() {
    split(decl, body_words, " ")
    body = body_words[2]
    if (comment == "") complain_undocumented(body_words[3])
    document(prose(comment))
    if (!check) print decl
    decl = held = comment = shared = all_said = ""
    if (behind == "") behind = ""
}

function end_body(line) {
    if (!check) print line
    body = ""
    comment = ""
}

function complain_undocumented(name) {
    if (check) complain(decl_line, name ": nothing is said of it")
}

function document(text) {
    if (!check && text != "") printf "/** %s */\n", text
}

function macro_done(   name, text) {
    name = held
    sub(/^#define /, "", name)
    sub(/[^A-Z_0-9].*/, "", name)
    text = comment
    if (behind != "") text = behind
    else if (text == "" && name ~ /_COUNT$/) text = "How many there are."
    else if (text == "" && name ~ /_INIT$/) text = "Its initial value: the defaults."
    if (text == "") complain_undocumented(name)
    document(prose(text))
    if (!check) print held
}

# "const char *a, *b;" documents each.
function members_done(   text, declarators, n, i, base, name, said) {
    text = comment
    if (behind != "") text = text (text == "" ? "" : "\n\n") behind
    if (text == "") text = shared
    else shared = behind == "" ? comment : ""
    all_said = all_said " " text " "
    said = held
    sub(/;$/, "", said)
    n = said ~ /\(/ ? 1 : split(said, declarators, / *, */)
    if (n == 1) declarators[1] = said
    base = declarators[1]
    sub(/\**[a-z_0-9]+(\[[A-Z_0-9 +]*\])?$/, "", base)
    for (i = 1; i <= n; i++) {
        name = declarators[i]
        if (said ~ /\(\*/) { sub(/^[^(]*\(\*/, "", name); sub(/\).*/, "", name) }
        else { sub(/\[.*/, "", name); sub(/.*[ *]/, "", name) }
        emit_member(name, (i == 1 ? "" : base) declarators[i], text)
    }
    comment = ""
}

function emit_member(name, declaration, text) {
    if (text == "" && name in usual) text = usual[name]
    if (text == "" && name ~ /_payload$/) text = "handed to the callback before it"
    if (text == "" && name ~ /_count$/ && index(all_said, name)) text = "how many there are of them"
    if (text == "") complain_undocumented(body_words[3] "." name)
    document(prose(text))
    if (!check) print declaration ";"
}

function value_done(   name, text) {
    if (held ~ /^PLURUM_STATUS_TABLE/) { if (!check) printf "%s", statuses; return }
    name = held
    sub(/[ ,].*/, "", name)
    text = behind != "" ? behind : comment
    if (text == "") complain_undocumented(name)
    is_status[name] = 1
    document(prose(text))
    if (!check) print held
    comment = ""
}

function declaration_done(   name) {
    if (held ~ /^PLURUM_(TRUST_)?API /) {
        function_done()
        return
    }
    name = held
    sub(/;$/, "", name)
    if (name ~ /\(/) { sub(/\(.*/, "", name); sub(/.* /, "", name); said_of_function(name, 1); return }
    sub(/.* /, "", name)
    if (comment == "") complain_undocumented(name)
    document(prose(comment))
    if (!check) print held
}

function function_done(   name) {
    sub(/^PLURUM_(TRUST_)?API /, "", held)
    name = held
    sub(/\(.*/, "", name)
    sub(/.*[ *]/, "", name)
    said_of_function(name, 0)
}

# ---- functions ----

function said_of_function(name, is_type,   text, i, out, description, result) {
    if (comment == "") { complain_undocumented(name); if (!check) print held; return }
    split_tags(comment)
    if (!is_type) check_tags(name)
    is_init = name ~ /_init$/
    parameters(held)
    text = tag["Text"]
    out = ""
    for (i = 1; i <= param_count; i++) {
        description = sentence_of(tag["Text"], param_name[i])
        if (description != "") text = without(text, taken)
        else description = usual_of(i, tag["Text"])
        if (description == "") {
            if (check) complain(decl_line, name ": nothing is said of " param_name[i] ", as \"" param_name[i] ": …\"")
        } else out = out sprintf("@param %s %s\n", param_name[i], linked(description))
    }
    if (check) return
    result = first_sentence(text)
    if (match(text, /(^|[.)] |\n)Returns /)) {
        result = upto_stop(substr(text, RSTART + RLENGTH))
        text = without(text, "Returns " result)
    }
    print "/** " prose(text)
    print ""
    printf "%s", out
    if (is_type) { print "*/"; print held; return }
    if (held ~ /^plurum_(trust_)?status /) print "@return @ref " prefix() "OK, or one of the errors below"
    else if (held !~ /^void /) print "@return " linked(result)
    par("Ownership")
    par("Threads")
    if (tag["Errors"] != "") printf "@par Errors\n%s\n", with_statuses(tag["Errors"])
    par("Cost")
    sub(/\.$/, "", tag["Since"])
    printf "@since %s\n*/\n%s\n", tag["Since"], held
}

function prefix() { return trust ? "PLURUM_TRUST_" : "PLURUM_" }

function par(name) { if (tag[name] != "") printf "@par %s\n%s\n", name, linked(tag[name]) }

function check_tags(name,   hands_out) {
    hands_out = held ~ /^(const )?[a-z_]+ \*/ || held ~ /\(([a-z_]+ \*\*out|.*, [a-z_]+ \*\*[a-z]+[,)])/
    if (!check) { if (trust && tag["Threads"] == "") tag["Threads"] = "any; a state is the caller's to lock."; return }
    if (hands_out && tag["Ownership"] == "") complain(decl_line, name ": no Ownership")
    if (!trust && tag["Threads"] == "") complain(decl_line, name ": no Threads")
    if (tag["Errors"] == "") complain(decl_line, name ": no Errors")
    if (tag["Since"] == "") complain(decl_line, name ": no Since")
    note_errors(name, tag["Errors"])
}

# Names stand outside parentheses; that they are statuses is known when all headers are read.
function note_errors(name, text) {
    while (sub(/\([^()]*\)/, "", text)) ;
    while (match(text, /[A-Z_][A-Z_]+/)) {
        named[++named_count] = prefix() substr(text, RSTART, RLENGTH)
        named_by[named_count] = FILENAME ":" decl_line ": " name
        text = substr(text, RSTART + RLENGTH)
    }
}

# comment → tag["Text"], tag["Ownership"] …
function split_tags(text,   current, cut, word) {
    split("", tag)
    current = "Text"
    while (match(text, /(^|[.)] |\n)(Ownership|Threads|Errors|Cost|Since)(:| [0-9])/)) {
        cut = RSTART
        word = substr(text, RSTART, RLENGTH)
        if (word ~ /^[.)\n]/) tag[current] = tag[current] substr(text, 1, cut)
        else tag[current] = tag[current] substr(text, 1, cut - 1)
        text = substr(text, cut + RLENGTH - (word ~ /[0-9]$/ ? 1 : 0))
        sub(/^[.)]? ?\n?/, "", word)
        sub(/[: ].*/, "", word)
        current = word
        sub(/^ */, "", text)
    }
    tag[current] = tag[current] text
}

# held → param_name, param_type
function parameters(declaration,   list, n, i, depth, c, piece) {
    param_count = 0
    list = declaration
    sub(/^[^(]*\(/, "", list)
    if (declaration ~ /^[^(]*\(void\)/) return
    depth = 0
    piece = ""
    for (i = 1; i <= length(list); i++) {
        c = substr(list, i, 1)
        if (depth < 0) break
        if (c == "(") depth++
        if (c == ")") depth--
        if ((c == "," && depth == 0) || depth < 0) { add_parameter(piece); piece = "" }
        else piece = piece c
    }
}

function add_parameter(piece,   name, type) {
    sub(/^ +/, "", piece)
    name = piece
    if (piece ~ /\(\*/) { sub(/^[^(]*\(\*/, "", name); sub(/\).*/, "", name) }
    else sub(/.*[ *]/, "", name)
    type = piece
    sub(/^const /, "", type)
    sub(/[ *].*/, "", type)
    param_name[++param_count] = name
    param_type[param_count] = type
    param_piece[param_count] = piece
}

function usual_of(i, text,   name, sentence) {
    name = param_name[i]
    if (name ~ /(^|_)len$/) return "how many bytes that are"
    if (match(text, "[a-z][ \n]" name ":[ \n]")) return upto_stop(substr(text, RSTART + RLENGTH))
    if (name ~ /_|^(size|dim|texts|rows)$/ && (sentence = sentence_with(text, name)) != "") return sentence
    if (name == "out" || (i == 1 && param_piece[i] ~ /\*\*/))
        return param_piece[i] ~ /\*\*/ ? "set to what is handed out, and to NULL on failure" : "filled in"
    if (param_count == 1 && is_init) return "filled in with the defaults"
    if (name in usual) return usual[name]
    if (param_type[i] in usual) return usual[param_type[i]]
    return ""
}

# What the sentence that begins with "name: " goes on with; all of it is left in `taken`.
function sentence_of(text, name,   start, end, said) {
    if (!match(text, "(^|[.)] |\n)([a-z_]+, )*" name "(, [a-z_]+)*:[ \n]")) return ""
    start = RSTART
    end = RSTART + RLENGTH
    if (substr(text, start, 1) ~ /[.)]/) start++
    said = upto_stop(substr(text, end))
    taken = substr(text, start, end - start) said
    return said
}

function without(text, part,   at) {
    at = index(text, part)
    return at ? substr(text, 1, at - 1) substr(text, at + length(part)) : text
}

function upto_stop(text) {
    return substr(text, 1, match(text, /\.[ \n]|\.$|\n\n/) ? RSTART : length(text))
}

function sentence_with(text, name,   sentence) {
    while (text != "") {
        sentence = upto_stop(text)
        if (sentence ~ "(^|[^a-z_])" name "([^a-z_]|$)") return sentence
        text = substr(text, length(sentence) + 1)
        sub(/^[ \n]+/, "", text)
    }
    return ""
}

# ---- text ----

function first_sentence(text) {
    text = upto_stop(text)
    gsub(/\n/, " ", text)
    return text
}

# A comment as Doxygen reads it: what is set in by four columns stays as it is.
function prose(text,   lines, n, i, out, fixed) {
    n = split(text, lines, "\n")
    out = ""
    for (i = 1; i <= n; i++) {
        if (lines[i] ~ /^    / && !fixed) { out = out "@verbatim\n"; fixed = 1 }
        if (fixed && lines[i] !~ /^    / && lines[i] != "") { out = out "@endverbatim\n"; fixed = 0 }
        out = out (fixed ? lines[i] : linked(lines[i])) (i < n ? "\n" : "")
    }
    return out (fixed ? "\n@endverbatim" : "")
}

# Escapes what Doxygen would take for a mark, and makes links of names.
function linked(text,   out, word, before) {
    gsub(/[*\\@<>#&%]/, "\\\\&", text)
    out = ""
    while (match(text, /"?(plurum_[a-z0-9_]+(\.[a-z_][a-z_0-9]*)?|PLURUM_[A-Z0-9_]+|plurum\/[a-z]+\.h)/)) {
        before = substr(text, 1, RSTART - 1)
        word = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        out = out before (word ~ /^"/ ? word : link(word))
    }
    return out text
}

function link(word,   target) {
    target = word
    if (word ~ /\//) { sub(/^plurum\//, "", target); return "@ref " target " \"" word "\"" }
    if (word ~ /\./) { sub(/\./, "::", target); return "@ref " target " \"" word "\"" }
    return "@ref " word " \"" word "\""
}

# The names of errors, which stand outside parentheses, become links.
function with_statuses(text,   out, open, close_at, part) {
    out = ""
    while (text != "") {
        open = index(text, "(")
        part = open ? substr(text, 1, open - 1) : text
        out = out status_links(part)
        if (!open) break
        text = substr(text, open)
        close_at = index(text, ")")
        if (!close_at) close_at = length(text)
        out = out linked(substr(text, 1, close_at))
        text = substr(text, close_at + 1)
    }
    return out
}

function status_links(text,   out, word) {
    out = ""
    text = linked(text)
    while (match(text, /(^|[ \n])[A-Z_][A-Z_]+/)) {
        word = substr(text, RSTART, RLENGTH)
        out = out substr(text, 1, RSTART - 1) (word ~ /^[ \n]/ ? " " : "")
        text = substr(text, RSTART + RLENGTH)
        sub(/^[ \n]/, "", word)
        out = out (word ~ /^(JSON|NULL|PLURUM_)/ ? word : "@ref " prefix() word " \"" word "\"")
    }
    return out text
}
