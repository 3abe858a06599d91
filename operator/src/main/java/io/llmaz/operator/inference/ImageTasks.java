package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.llmaz.api.Names;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.p2p.ImageTask;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** P2PTasks of images, which nobody owns: all who use an image share one. */
final class ImageTasks {
  private static final Logger log = LoggerFactory.getLogger(ImageTasks.class);

  private ImageTasks() {}

  /** The task of an image, applied if there is none. */
  static P2PTask keep(String image, Context<Playground> context, Applier applier) {
    String name = Names.imageTask(image, List.of());
    return Caches.find(context, P2PTask.class, new ResourceID(name))
        .orElseGet(() -> {
          log.info("P2PTask {}: applied for image {}", name, image);
          P2PTask task = new P2PTask();
          task.setMetadata(new ObjectMetaBuilder().withName(name).build());
          task.setSpec(
              new P2PTaskSpec(
                  null,
                  new ImageTask(image, null),
                  null,
                  null,
                  P2PTaskSpec.Fallback.Allowed,
                  null,
                  null));
          return applier.apply(task, context, Caches.of(context, P2PTask.class));
        });
  }
}
