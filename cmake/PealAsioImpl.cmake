# peal::asio_impl: the compiled half of Asio. A program that compiles <asio/impl/src.hpp> itself sets
# PEAL_ASIO_PROVIDED, here or before find_package(peal), and gets an empty target of the same name.
if(PEAL_ASIO_PROVIDED)
  add_library(peal_asio_impl INTERFACE)
else()
  add_library(peal_asio_impl STATIC ${PROJECT_SOURCE_DIR}/cmake/asio_impl.cpp)
  target_compile_features(peal_asio_impl PRIVATE cxx_std_20)
  target_link_libraries(peal_asio_impl PUBLIC peal::asio)
  set_target_properties(peal_asio_impl PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF)
  add_dependencies(peal_libraries peal_asio_impl)
endif()
add_library(peal::asio_impl ALIAS peal_asio_impl)
set_target_properties(peal_asio_impl PROPERTIES EXPORT_NAME asio_impl)
install(TARGETS peal_asio_impl EXPORT pealAsioTargets COMPONENT development)
