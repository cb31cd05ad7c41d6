#pragma once

#include "reader.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace peal_test {

using namespace peal;

/// All that a reader leaves behind, as text.
inline std::string reading(const Reader& reader, std::string_view text) {
  const auto buffer = std::make_unique<char[]>(text.size() + 64);
  std::copy(text.begin(), text.end(), buffer.get());
  auto* rep = MessageRep::make(ParseLimits{}.header_lines + 8, 64);
  rep->scratch = true;
  rep->wire = buffer.get();
  const auto fault = reader.read(buffer.get(), static_cast<std::uint32_t>(text.size()), 0, *rep, ParseLimits{});
  std::string out = std::to_string(static_cast<int>(fault.why)) + "@" + std::to_string(fault.where);
  const auto number = [&](auto value) { out += " " + std::to_string(static_cast<std::uint64_t>(value)); };
  for (std::uint32_t i = 0; i < rep->count; ++i) {
    const auto& line = rep->lines()[i];
    for (const auto value : {line.name, line.value, line.value_size, std::uint32_t{line.name_size},
                             std::uint32_t{line.id}, std::uint32_t{line.flags}})
      number(value);
  }
  const auto& f = rep->fields;
  for (const auto value : {f.start.at,        f.start.size,
                           f.body.at,         f.body.size,
                           f.reason.size,     f.call_id.at,
                           f.call_id.size,    f.via.size,
                           f.via.host_size,   f.via.branch,
                           f.via.branch_size, f.from.size,
                           f.from.tag,        f.from.tag_size,
                           f.to.size,         f.to.tag_size,
                           f.uri.size,        f.uri.host,
                           f.uri.host_size,   f.uri.params_size,
                           f.cseq.number,     std::uint32_t{f.status}})
    number(value);
  out += std::string(f.method.name()) + "/" + std::string(f.cseq.method.name());
  MessageRep::release(rep);
  return out;
}

}  // namespace peal_test
