package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.llmaz.source.SafePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pod's volumes as folders: {@code emptyDir}, {@code hostPath}, {@code secret}, {@code
 * configMap}, {@code downwardAPI} and {@code projected} with service-account tokens.
 */
final class PodVolumes {
  private final Path folder;
  private final PodObjects objects;
  private final PodFields fields;

  PodVolumes(Path folder, PodObjects objects, PodFields fields) {
    this.folder = folder;
    this.objects = objects;
    this.fields = fields;
  }

  /**
   * Writes what volumes are made of; called before each start of a container, so tokens are fresh.
   */
  void prepare() throws ContainerProblem, IOException {
    for (Volume volume : fields.pod().getSpec().getVolumes()) {
      Files.createDirectories(place(volume));
      if (volume.getSecret() != null) {
        write(
            place(volume),
            found(
                objects.secret(volume.getSecret().getSecretName()),
                volume.getSecret().getOptional(),
                "secret \"" + volume.getSecret().getSecretName() + "\""),
            volume.getSecret().getItems());
      } else if (volume.getConfigMap() != null) {
        write(
            place(volume),
            found(
                objects.configMap(volume.getConfigMap().getName()),
                volume.getConfigMap().getOptional(),
                "configmap \"" + volume.getConfigMap().getName() + "\""),
            volume.getConfigMap().getItems());
      } else if (volume.getDownwardAPI() != null) {
        downward(place(volume), volume.getDownwardAPI().getItems());
      } else if (volume.getProjected() != null) {
        for (VolumeProjection source : volume.getProjected().getSources()) {
          project(place(volume), source);
        }
      } else if (volume.getEmptyDir() == null && volume.getHostPath() == null) {
        throw ContainerProblem.config(
            "a local node does not have volumes of the kind of \"" + volume.getName() + "\"");
      }
    }
  }

  /** Folders on this machine by mount path of a container. */
  Map<String, Path> mounts(Container container) throws ContainerProblem {
    Map<String, Path> mounts = new HashMap<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      Volume volume =
          fields.pod().getSpec().getVolumes().stream()
              .filter(v -> v.getName().equals(mount.getName()))
              .findFirst()
              .orElseThrow(
                  () -> ContainerProblem.config("no volume \"" + mount.getName() + "\" to mount"));
      Path place = place(volume);
      String subPath = mount.getSubPath();
      mounts.put(
          mount.getMountPath(),
          subPath == null || subPath.isEmpty() ? place : SafePath.resolve(place, subPath));
    }
    return mounts;
  }

  private Path place(Volume volume) {
    return volume.getHostPath() != null
        ? Path.of(volume.getHostPath().getPath())
        : SafePath.resolve(folder, volume.getName());
  }

  private void project(Path place, VolumeProjection source) throws ContainerProblem, IOException {
    if (source.getServiceAccountToken() != null) {
      var token = source.getServiceAccountToken();
      String account = fields.value("spec.serviceAccountName");
      write(
          place,
          token.getPath(),
          objects
              .token(account, token.getAudience(), token.getExpirationSeconds())
              .getBytes(StandardCharsets.UTF_8));
    } else if (source.getSecret() != null) {
      var secret = source.getSecret();
      write(
          place,
          found(
              objects.secret(secret.getName()),
              secret.getOptional(),
              "secret \"" + secret.getName() + "\""),
          secret.getItems());
    } else if (source.getConfigMap() != null) {
      var map = source.getConfigMap();
      write(
          place,
          found(
              objects.configMap(map.getName()),
              map.getOptional(),
              "configmap \"" + map.getName() + "\""),
          map.getItems());
    } else if (source.getDownwardAPI() != null) {
      downward(place, source.getDownwardAPI().getItems());
    }
  }

  private void downward(Path place, List<DownwardAPIVolumeFile> files)
      throws ContainerProblem, IOException {
    for (DownwardAPIVolumeFile file : files) {
      if (file.getFieldRef() == null) {
        throw ContainerProblem.config("a local node knows no resource fields: " + file.getPath());
      }
      write(
          place,
          file.getPath(),
          fields.value(file.getFieldRef().getFieldPath()).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Map<String, byte[]> found(
      Optional<Map<String, byte[]>> object, @Nullable Boolean optional, String what)
      throws ContainerProblem {
    if (object.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw ContainerProblem.config(what + " not found");
    }
    return object.orElse(Map.of());
  }

  private static void write(Path place, Map<String, byte[]> values, @Nullable List<KeyToPath> items)
      throws IOException {
    if (items == null || items.isEmpty()) {
      for (Map.Entry<String, byte[]> value : values.entrySet()) {
        write(place, value.getKey(), value.getValue());
      }
      return;
    }
    for (KeyToPath item : items) {
      byte[] value = values.get(item.getKey());
      if (value != null) {
        write(place, item.getPath(), value);
      }
    }
  }

  private static void write(Path place, String path, byte[] bytes) throws IOException {
    Path file = SafePath.resolve(place, path);
    Path parent = Objects.requireNonNull(file.getParent());
    Files.createDirectories(parent);
    // createTempFile makes files that only their owner reads: these may be secrets.
    Path writing = Files.createTempFile(parent, ".volume", null);
    Files.write(writing, bytes);
    Files.move(writing, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
