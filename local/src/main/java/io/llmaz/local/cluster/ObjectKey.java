package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Namespace and name of an object. */
record ObjectKey(String namespace, String name) {

  static ObjectKey of(HasMetadata object) {
    return new ObjectKey(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
