#pragma once

#include <string_view>

namespace peal::inline v0::trace {

/// --n: columns; --k: columns that an arrow touches. Lifelines are a background, so any number of columns needs no
/// picture.
inline constexpr std::string_view ladder_style =
    R"(:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#6a737d;--line:#c9d1d9;--box:#f3f5f7;
--request:#0b57c2;--early:#7a5b00;--good:#18743a;--moved:#7a3fa0;--bad:#b3261e;--other:#57606a}
@media (prefers-color-scheme:dark){:root{--bg:#101418;--fg:#e4e9ee;--dim:#93a0ac;--line:#38424c;--box:#1a2027;
--request:#79b0ff;--early:#e0b84a;--good:#63d48b;--moved:#cf9df0;--bad:#ff8f86;--other:#a6b0ba}}
*{box-sizing:border-box}
body{margin:0 auto;padding:.5rem;max-width:72rem;background:var(--bg);color:var(--fg);font:15px/1.35 system-ui,sans-serif}
h1{font-size:1.15rem;margin:.4rem 0 .6rem;overflow-wrap:anywhere}
.names{position:sticky;top:0;z-index:1;display:flex;background:var(--bg);border-bottom:1px solid var(--line)}
.lanes{flex:1;min-width:0;display:grid;grid-template-columns:repeat(var(--n),minmax(0,1fr))}
.names b{text-align:center;padding:.3rem .1rem;font-size:.8rem;overflow-wrap:anywhere}
.t{flex:none;width:3.7rem;color:var(--dim);font:.72rem/2.2 ui-monospace,monospace}
summary{display:flex;cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary:focus-visible{outline:2px solid var(--request)}
summary .lanes{background:repeating-linear-gradient(to right,transparent 0 calc(50%/var(--n) - .5px),
var(--line) calc(50%/var(--n) - .5px) calc(50%/var(--n) + .5px),transparent calc(50%/var(--n) + .5px) calc(100%/var(--n)))}
.a{position:relative;margin:.3rem calc(50%/var(--k)) .45rem;padding:0 .3rem .1rem;border-bottom:2px solid;text-align:center;
font-size:.82rem;overflow-wrap:anywhere}
.a::after{content:"";position:absolute;bottom:-6px;border:5px solid transparent}
.right::after{right:-1px;border-right-width:0;border-left-color:currentColor;border-left-width:8px}
.left::after{left:-1px;border-left-width:0;border-right-color:currentColor;border-right-width:8px}
.self{margin:.3rem .1rem .45rem;border:1px solid;border-radius:.4rem}
.again{border-bottom-style:dashed}
.lost::after{content:"\2715";border:0;bottom:-.72em;font-weight:bold}
.request .a{color:var(--request)}.early .a{color:var(--early)}.good .a{color:var(--good)}
.moved .a{color:var(--moved)}.bad .a{color:var(--bad)}.other .a{color:var(--other)}
details[open]{background:var(--box);border-radius:.4rem}
details p{margin:.2rem .6rem;color:var(--dim);font-size:.8rem;overflow-wrap:anywhere}
pre{margin:0;padding:.4rem .6rem .7rem;white-space:pre-wrap;overflow-wrap:anywhere;font:.78rem/1.4 ui-monospace,monospace}
.note{margin:.3rem 0;padding:.2rem .3rem;border-radius:.3rem;background:var(--box);overflow-wrap:anywhere;font-size:.85rem}
footer{margin:1rem 0;color:var(--dim);font-size:.8rem}
)";

}  // namespace peal::inline v0::trace
