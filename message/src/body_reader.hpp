#pragma once

#include <peal/message/multipart.hpp>

#include <forward_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace peal::inline v0 {

/// What a BodyView holds: nodes in the order in which they stand, and their header lines.
struct BodyView::Storage {
  std::vector<BodyPart> parts;
  std::vector<HeaderField> fields;
  std::forward_list<std::string> unfolded;  ///< values that stood on several lines
};

/// Makes the tree of a body without recursion: what is still to be read waits in a list.
class BodyReader {
 public:
  BodyReader(std::string_view bytes, const ParseLimits& limits, Profile profile);
  Result<BodyView, ParseError> read(std::vector<HeaderField> root_fields);

 private:
  /// A part that has been found and not been read.
  struct Pending {
    std::string_view text;
    std::uint32_t depth = 0;
    std::size_t parent = 0;
  };
  Result<void, ParseError> read_part(const Pending& pending);
  Result<void, ParseError> describe(BodyPart& part, std::string_view default_type);
  /// Appends a node, and notes the parts of a multipart as pending.
  Result<void, ParseError> add(BodyPart part, std::size_t parent);
  Result<void, ParseError> split(std::string_view bytes, ParamsView params, std::uint32_t depth, std::size_t parent);
  Result<bool, ParseError> collect(std::string_view bytes, std::string_view boundary, bool bare_lf, std::uint32_t depth,
                                   std::size_t parent);
  void finish();

  [[nodiscard]] std::uint32_t offset(std::string_view inside) const {
    return static_cast<std::uint32_t>(inside.data() - base_.data());
  }
  static std::uint32_t size_of(std::string_view text) { return static_cast<std::uint32_t>(text.size()); }

  std::string_view base_;
  const ParseLimits& limits_;
  bool interop_;
  std::unique_ptr<BodyView::Storage> storage_;
  std::vector<std::uint32_t> parents_;
  std::vector<Pending> work_;
};

}  // namespace peal::inline v0
