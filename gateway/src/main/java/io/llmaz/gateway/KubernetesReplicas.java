package io.llmaz.gateway;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas behind a Service, by its EndpointSlices. While the API server is away they are those
 * of before.
 */
final class KubernetesReplicas implements Replicas.Directory {
  private static final Logger log = LoggerFactory.getLogger(KubernetesReplicas.class);

  private final KubernetesClient client;
  private final String namespace;
  private final String service;
  private volatile List<InetSocketAddress> last = List.of();

  KubernetesReplicas(KubernetesClient client, String namespace, String service) {
    this.client = client;
    this.namespace = namespace;
    this.service = service;
  }

  @Override
  public List<InetSocketAddress> ready() {
    try {
      last =
          client
              .discovery()
              .v1()
              .endpointSlices()
              .inNamespace(namespace)
              .withLabel("kubernetes.io/service-name", service)
              .list()
              .getItems()
              .stream()
              .flatMap(KubernetesReplicas::ready)
              .toList();
    } catch (KubernetesClientException e) {
      log.warn("the replicas of Service {} are not known: {}", service, e.getMessage());
    }
    return last;
  }

  private static Stream<InetSocketAddress> ready(EndpointSlice slice) {
    return listed(slice.getEndpoints()).stream()
        .filter(KubernetesReplicas::isReady)
        .flatMap(endpoint -> endpoint.getAddresses().stream())
        .flatMap(address ->
            listed(slice.getPorts()).stream()
                .map(port -> new InetSocketAddress(address, port.getPort())));
  }

  /** Of a Service without Pods they are null. */
  private static <T> List<T> listed(@Nullable List<T> items) {
    return items == null ? List.of() : items;
  }

  /** Unknown is to be taken as ready (EndpointConditions in Kubernetes' API reference). */
  private static boolean isReady(Endpoint endpoint) {
    return endpoint.getConditions() == null
        || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
  }
}
