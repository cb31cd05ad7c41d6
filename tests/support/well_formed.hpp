#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace trace_call {

/// Every element closed in order, every attribute quoted, every `&` an entity, no byte that XML forbids: the page is
/// well-formed XML but for its doctype, so nothing from the wire can have changed its structure.
struct WellFormed {
  std::string_view page;
  std::string why;
  std::vector<std::string> open;

  bool check() {
    std::size_t at = page.find("<html");
    while (at < page.size() && why.empty()) at = page[at] == '<' ? tag(at) : text(at);
    if (why.empty() && !open.empty()) why = "not closed: " + open.back();
    return why.empty();
  }
  std::size_t text(std::size_t at) {
    const bool raw = !open.empty() && open.back() == "style";
    for (; at < page.size() && page[at] != '<'; ++at) {
      const auto byte = static_cast<unsigned char>(page[at]);
      if ((byte < 0x20 && page[at] != '\n' && page[at] != '\t') || byte == 0x7f) why = "control character";
      if (page[at] == '>' && !raw) why = "bare >";
      if (page[at] == '&' && !raw && page.substr(at, 7).find(';') == std::string_view::npos) why = "bare &";
    }
    return at;
  }
  std::size_t tag(std::size_t at) {
    const auto end = page.find('>', at);
    if (end == std::string_view::npos) return why = "unclosed tag", page.size();
    auto inside = page.substr(at + 1, end - at - 1);
    if (inside.starts_with('/')) {
      if (open.empty() || open.back() != inside.substr(1)) why = "closes what is not open: " + std::string(inside);
      if (!open.empty()) open.pop_back();
      return end + 1;
    }
    if (std::count(inside.begin(), inside.end(), '"') % 2 != 0 || inside.find('<') != std::string_view::npos)
      why = "attributes: " + std::string(inside);
    if (!inside.ends_with('/')) open.emplace_back(inside.substr(0, inside.find(' ')));
    return end + 1;
  }
};

}  // namespace trace_call
