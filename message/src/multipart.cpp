#include "body_reader.hpp"
#include "header_block.hpp"
#include "multipart_scan.hpp"
#include "padded.hpp"

#include <algorithm>

namespace peal::inline v0 {

// ---- dispositions

Result<BodyDisposition, ParseError> BodyDisposition::parse(std::string_view text) {
  const grammar::Padded copy(text);
  grammar::Scan s;
  const auto* const begin = copy.begin();
  const auto* const type_end = grammar::span<ascii::token>(begin);
  if (type_end == begin) return fail(text.empty() ? parse_errc::empty : parse_errc::bad_token, 0);
  BodyDisposition out;
  out.implied = false;
  const auto* const end =
      grammar::header_params<ascii::media_value>(type_end, s, [](std::string_view, std::string_view) { return true; });
  if (auto ok = copy.finish(end, s); !ok) return fail(ok.error());
  const auto type_size = grammar::distance(begin, type_end);
  out.type = text.substr(0, type_size);
  out.params = ParamsView(text.substr(type_size));
  if (const auto handling = out.params.find("handling")) out.required = !ascii::equal(handling->unquoted(), "optional");
  return out;
}

bool BodyDisposition::is(std::string_view other) const noexcept { return ascii::equal(type, other); }

// ---- reading

namespace {

bool describes_body(const HeaderField& line) {
  const auto name = line.id == HeaderId::other ? line.name : header::table[static_cast<std::size_t>(line.id)].name;
  return ascii::equal(name.substr(0, 8), "content-") || ascii::equal(name, "MIME-Version");
}

}  // namespace

BodyReader::BodyReader(std::string_view bytes, const ParseLimits& limits, Profile profile)
    : base_(bytes),
      limits_(limits),
      interop_(profile == Profile::interop),
      storage_(std::make_unique<BodyView::Storage>()) {}

Result<BodyView, ParseError> BodyReader::read(std::vector<HeaderField> root_fields) {
  if (base_.size() > limits_.message_bytes) return fail(parse_errc::too_long, limits_.message_bytes);
  storage_->fields = std::move(root_fields);
  BodyPart root;
  root.bytes_ = base_;
  if (auto ok = describe(root, ""); !ok) return fail(ok.error());
  if (root.raw(header::content_type) == std::nullopt && !interop_) return fail(parse_errc::missing_header, 0);
  if (auto ok = add(std::move(root), 0); !ok) return fail(ok.error());
  while (!work_.empty()) {
    const auto next = work_.back();
    work_.pop_back();
    if (auto ok = read_part(next); !ok) return fail(ok.error());
  }
  finish();
  BodyView out;
  out.storage_ = std::move(storage_);
  return out;
}

Result<void, ParseError> BodyReader::read_part(const Pending& pending) {
  BodyPart part;
  part.depth_ = pending.depth;
  part.first_field_ = storage_->fields.size();
  HeaderBlock block(pending.text, limits_, interop_, interop_);
  RawHeader line;
  for (;;) {
    const auto more = block.next(line);
    if (!more) return fail(more.error().code, offset(pending.text) + more.error().offset);
    if (!*more) break;
    auto value = line.value;
    if (line.folded) value = storage_->unfolded.emplace_front(unfolded(line.value));
    storage_->fields.push_back({line.name, value, header::find(line.name)});
  }
  part.bytes_ = block.body();
  const bool digest = storage_->parts[pending.parent].is("multipart", "digest");
  if (auto ok = describe(part, digest ? "message/rfc822" : "text/plain"); !ok)
    return fail(ok.error().code, offset(pending.text));
  return add(std::move(part), pending.parent);
}

/// Content-Type and Content-Disposition of a part whose header lines are the last that were read.
Result<void, ParseError> BodyReader::describe(BodyPart& part, std::string_view default_type) {
  const auto& fields = storage_->fields;
  part.fields_ = std::span(fields).subspan(part.first_field_);
  if (!interop_) {
    for (const auto id : {HeaderId::content_type, HeaderId::content_disposition}) {
      const auto same = [id](const HeaderField& line) { return line.id == id; };
      if (std::ranges::count_if(part.fields_, same) > 1) return fail(parse_errc::repeated_header, 0);
    }
  }
  const auto text = part.raw(header::content_type).value_or(default_type);
  if (!text.empty()) {
    auto type = MediaTypeView::parse(text);
    if (!type && !interop_) return fail(type.error().code, 0);
    if (type) part.type_ = *type;
  }
  part.disposition_.type = part.is("application", "sdp") ? "session" : "render";
  if (const auto disposition = part.raw("Content-Disposition")) {
    auto said = BodyDisposition::parse(*disposition);
    if (!said && !interop_) return fail(said.error().code, 0);
    if (said) part.disposition_ = *said;
  }
  return {};
}

Result<void, ParseError> BodyReader::add(BodyPart part, std::size_t parent) {
  const auto index = storage_->parts.size();
  const bool multipart = ascii::equal(part.type_.type(), "multipart");
  const auto depth = part.depth_;
  const auto bytes = part.bytes_;
  const auto params = part.type_.params();
  storage_->parts.push_back(std::move(part));
  parents_.push_back(static_cast<std::uint32_t>(parent));
  if (!multipart) return {};
  if (depth >= limits_.multipart_depth) return fail(parse_errc::too_long, offset(bytes));
  const auto before = work_.size();
  auto split_up = split(bytes, params, depth + 1, index);
  if (split_up) {
    storage_->parts[index].multipart_ = true;
    std::reverse(work_.begin() + static_cast<std::ptrdiff_t>(before), work_.end());
    return {};
  }
  const bool forgiven = interop_ && index != 0 && split_up.error().code != parse_errc::too_long;
  if (!forgiven) return split_up;
  work_.resize(before);
  return {};
}

Result<void, ParseError> BodyReader::split(std::string_view bytes, ParamsView params, std::uint32_t depth,
                                           std::size_t parent) {
  const auto parameter = params.find("boundary");
  if (!parameter) return fail(parse_errc::missing_parameter, offset(bytes));
  auto boundary = parameter->unquoted();
  if (interop_)
    while (boundary.ends_with(' ')) boundary.pop_back();
  if (boundary.empty() || boundary.size() > 70 || (!interop_ && !is_boundary(boundary)))
    return fail(parse_errc::bad_parameter, offset(bytes));
  const auto before = work_.size();
  auto closed = collect(bytes, boundary, false, depth, parent);
  if (closed && !*closed && interop_) {  // bare LF ends lines only where CRLF alone makes no sense
    work_.resize(before);
    closed = collect(bytes, boundary, true, depth, parent);
  }
  if (!closed) return fail(closed.error());
  const bool some = work_.size() != before;
  if (interop_ ? !*closed && !some : !*closed || !some)
    return fail(parse_errc::truncated, offset(bytes) + size_of(bytes));
  return {};
}

/// Notes the parts between the delimiters as pending. False when the closing one is missing.
Result<bool, ParseError> BodyReader::collect(std::string_view bytes, std::string_view boundary, bool bare_lf,
                                             std::uint32_t depth, std::size_t parent) {
  DelimiterScan scan(bytes, boundary, bare_lf);
  std::optional<std::size_t> begin;
  for (;;) {
    const auto delimiter = scan.next();
    const auto end = delimiter ? delimiter->begin : bytes.size();
    if (begin && (delimiter || *begin < end)) {
      if (storage_->parts.size() + work_.size() > limits_.multipart_parts)
        return fail(parse_errc::too_long, offset(bytes) + static_cast<std::uint32_t>(*begin));
      work_.push_back({bytes.substr(*begin, end - *begin), depth, parent});
    }
    if (!delimiter) return false;
    if (delimiter->closing) return true;
    begin = delimiter->end;
  }
}

void BodyReader::finish() {
  auto& parts = storage_->parts;
  const auto& fields = storage_->fields;
  auto fields_end = fields.size();
  for (auto i = parts.size(); i-- > 0;) {
    auto& part = parts[i];
    part.fields_ = std::span(fields).subspan(part.first_field_, fields_end - part.first_field_);
    fields_end = part.first_field_;
    part.end_ = std::max(part.end_, static_cast<std::uint32_t>(i + 1));
    auto& parent = parts[parents_[i]];
    parent.end_ = std::max(parent.end_, part.end_);
  }
}

BodyView::BodyView() noexcept = default;
BodyView::BodyView(BodyView&& other) noexcept = default;
BodyView& BodyView::operator=(BodyView&& other) noexcept = default;
BodyView::~BodyView() = default;

Result<BodyView, ParseError> BodyView::of(const Message& message, const ParseLimits& limits, Profile profile) {
  if (message.body().empty()) return BodyView();
  std::vector<HeaderField> fields;
  for (std::size_t i = 0; i < message.size(); ++i)
    if (const auto line = message.field(i); describes_body(line)) fields.push_back(line);
  return BodyReader(message.body(), limits, profile).read(std::move(fields));
}

Result<BodyView, ParseError> BodyView::parse(std::string_view content_type, std::string_view bytes,
                                             const ParseLimits& limits, Profile profile) {
  if (content_type.find_first_of(std::string_view("\r\n\0", 3)) != content_type.npos)
    return fail(parse_errc::bad_byte, 0);
  return BodyReader(bytes, limits, profile).read({{"Content-Type", ascii::trim(content_type), HeaderId::content_type}});
}

std::span<const BodyPart> BodyView::parts() const noexcept {
  return storage_ ? std::span<const BodyPart>(storage_->parts) : std::span<const BodyPart>();
}

}  // namespace peal::inline v0
