#include "ascii.hpp"
#include "multipart_scan.hpp"

#include <peal/message/multipart.hpp>

#include <array>

namespace peal::inline v0 {

namespace {

constexpr std::size_t max_line = 65'535;
constexpr std::size_t max_wanted_boundary = 60;  // room for a number behind it

Result<void> check_line(std::string_view name, std::string_view value) {
  for (const char c : value)
    if (c == '\r' || c == '\n' || c == '\0') return fail(errc::forbidden_byte);
  if (!ascii::all(name, ascii::token))
    return fail(name.find_first_of(std::string_view("\r\n\0", 3)) == name.npos ? errc::invalid_value
                                                                               : errc::forbidden_byte);
  if (name.size() + value.size() > max_line) return fail(errc::too_long);
  return {};
}

/// FNV-1a, 64 bits, in hex.
std::string digest(const std::vector<std::string>& parts) {
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325U;
  for (const auto& part : parts)
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3U;
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(hash >> shift) & 15];
  return out;
}

}  // namespace

Result<void> MultipartBuilder::add(const MediaType& type, std::string_view bytes, std::span<const Line> headers) {
  if (type.text().empty()) return fail(errc::invalid_value);
  if (auto ok = check_line("Content-Type", type.text()); !ok) return ok;
  for (const auto& [name, value] : headers) {
    if (auto ok = check_line(name, value); !ok) return ok;
    if (header::find(name) == HeaderId::content_type) return fail(errc::invalid_value);
  }
  std::string part = "Content-Type: ";
  (part += type.text()) += "\r\n";
  for (const auto& [name, value] : headers) (((part += name) += ": ") += ascii::trim(value)) += "\r\n";
  (part += "\r\n") += bytes;
  parts_.push_back(std::move(part));
  return {};
}

Result<void> MultipartBuilder::set_parameter(std::string_view name, std::string_view value) {
  if (auto ok = check_line(name, value); !ok) return ok;
  if (value.empty() || ascii::equal(name, "boundary")) return fail(errc::invalid_value);
  std::string text = ";";
  (text += name) += '=';
  if (ascii::all(value, ascii::token)) {
    text += value;
  } else {
    text += '"';
    for (const char c : value) {
      if (!ascii::is(c, ascii::quoted) && c != '"' && c != '\\') return fail(errc::invalid_value);
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  params_ += text;
  return {};
}

std::string MultipartBuilder::choose_boundary(std::string_view wanted) const {
  const std::string base = wanted.empty() ? "peal-" + digest(parts_) : std::string(wanted);
  std::string out = base;
  const auto stands_in_a_part = [&] {
    for (const auto& part : parts_)
      if (part.find(out) != part.npos) return true;
    return false;
  };
  for (std::uint32_t n = 1; stands_in_a_part(); ++n) (out = base + "-") += std::to_string(n);
  return out;
}

Result<MultipartBody> MultipartBuilder::build(std::string_view boundary) const {
  if (parts_.empty() || !ascii::all(subtype_, ascii::token)) return fail(errc::invalid_value);
  if (!boundary.empty() && (!is_boundary(boundary) || boundary.size() > max_wanted_boundary))
    return fail(errc::invalid_value);
  const auto chosen = choose_boundary(boundary);
  auto type = MediaType::parse("multipart/" + subtype_ + ";boundary=\"" + chosen + '"' + params_);
  if (!type) return fail(errc::invalid_value);
  MultipartBody out{*type, {}};
  for (const auto& part : parts_) (((out.bytes += "--") += chosen) += "\r\n") += part + "\r\n";
  ((out.bytes += "--") += chosen) += "--\r\n";
  return out;
}

}  // namespace peal::inline v0
