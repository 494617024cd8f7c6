using System.Collections.Immutable;
using static Quorate.Contracts.Catalogue.MessageComponent;
using static Quorate.Contracts.Catalogue.MessageSeverity;

namespace Quorate.Contracts.Catalogue;

/// <summary>1000 to 1099: what can be wrong with a <c>cluster.conf</c>. <c>quorate validate</c> writes these numbers as <c>Q1001</c>.</summary>
internal static class ConfigurationMessages
{
    public static ImmutableArray<MessageDefinition> All { get; } =
    [
        new(CatalogueMessage.ConfigurationNotWellFormed, Error, Configuration,
            "not well-formed XML, nothing was read: <error>", ["Error"],
            "The file could not be read as XML, so nothing in it counts; the error says at which character reading stopped.",
            "Correct the place it names, most often a missing end tag or quotation mark, and validate again."),

        new(CatalogueMessage.ConfigurationNotACluster, Error, Configuration,
            "the outermost element is <element>, not cluster; this is no cluster configuration", ["Element"],
            "The file is sound XML and describes something other than a cluster.",
            "Check that this is the file you meant; a configuration begins with the element cluster."),

        new(CatalogueMessage.ClusterNameMissing, Warning, Configuration,
            "the cluster has no name", [],
            "The element cluster has no attribute name, so messages and views cannot say which cluster they are about.",
            "Give cluster a name that differs from those of your other clusters."),

        new(CatalogueMessage.ConfigurationVersionMissing, Warning, Configuration,
            "the configuration has no config_version", [],
            "Without a version the cluster cannot tell an old copy of the file from a new one.",
            "Give cluster a config_version of 1 or more and raise it with every change."),

        new(CatalogueMessage.NodesMissing, Warning, Configuration,
            "the cluster has no nodes", [],
            "No clusternode was found, so nothing can run anywhere and quorum cannot form.",
            "Add a clusternode to clusternodes for each machine."),

        new(CatalogueMessage.NodeNameMissing, Error, Configuration,
            "a node has no name; it was skipped", [],
            "A clusternode or failoverdomainnode without a name cannot be matched with any machine.",
            "Add the attribute name, written as in clusternodes."),

        new(CatalogueMessage.NodeTwice, Error, Configuration,
            "node <name> is defined twice; the first is used", ["Node"],
            "Two clusternode elements have the same name, and only one set of votes and devices can belong to it.",
            "Remove one of the two, keeping the votes and fence devices that are right."),

        new(CatalogueMessage.NodeIdTwice, Error, Configuration,
            "nodes <name> and <name> both have nodeid <integer>", ["First", "Second", "NodeId"],
            "Two nodes claim the same number, so messages that name a node by its number would be ambiguous; the second one's is "
            + "ignored.",
            "Give each node a number of its own, and never reuse the number of a node you removed."),

        new(CatalogueMessage.NodeIdMissing, Warning, Configuration,
            "node <name> has no nodeid", ["Node"],
            "The node works by its name, and messages that name nodes by number cannot name it.",
            "Give each node a nodeid of its own, from 1."),

        new(CatalogueMessage.NumberInvalid, Warning, Configuration,
            "<element>: <attribute> is not a number or length of time that can be used here", ["Element", "Attribute"],
            "The value could not be read or is outside its range, so a stated other value is used.",
            "Write a whole number, or a length of time such as 30, 90s or 1h30m where a time is wanted."),

        new(CatalogueMessage.BooleanInvalid, Warning, Configuration,
            "<element>: <attribute> is neither yes nor no", ["Element", "Attribute"],
            "Only 1, yes, true, on and 0, no, false, off are understood here, so a stated value is assumed.",
            "Write 1 for yes or 0 for no, which every version understands."),

        new(CatalogueMessage.ExpectedVotesTooFew, Error, Configuration,
            "expected_votes is less than the votes of the nodes", [],
            "With too small a number two halves of a divided cluster could both have quorum, so the sum of the votes is used.",
            "Remove expected_votes or set it to the sum of all votes."),

        new(CatalogueMessage.ExpectedVotesTooMany, Warning, Configuration,
            "expected_votes is more than the votes of the nodes", [],
            "Quorum is counted from the expected number, so more nodes than necessary have to be present, or it can never form at all.",
            "Remove expected_votes or set it to the sum of all votes."),

        new(CatalogueMessage.TwoNodeIgnored, Warning, Configuration,
            "two_node needs exactly two nodes; it is ignored", [],
            "The mode lets one of two nodes have quorum alone, which would divide any other cluster.",
            "Remove two_node, or remove the nodes that should not be there."),

        new(CatalogueMessage.QuorumDiskIgnored, Warning, Configuration,
            "the quorum disk is not used", [],
            "Quorate lets its database arbitrate and counts only the votes of nodes, so the disk has no effect.",
            "Remove quorumd, and check that the votes of the nodes alone give the quorum you want."),

        new(CatalogueMessage.TwoNodesNeedEachOther, Warning, Configuration,
            "of two nodes with equal votes neither has quorum alone", [],
            "Half of the votes is not a majority, so the loss of either node stops all services.",
            "Set two_node and expected_votes to 1, or add a third node."),

        new(CatalogueMessage.SectionTwice, Error, Configuration,
            "a second <element> was skipped", ["Element"],
            "Only one section of its kind is read, and this file holds another one.",
            "Move what the second one holds into the first."),

        new(CatalogueMessage.FenceDeviceUnknown, Error, Configuration,
            "node <name> is to be fenced by device <name>, which is not defined", ["Node", "Device"],
            "The method names a device that fencedevices does not hold, so this method cannot fence the node.",
            "Define the device or correct its name."),

        new(CatalogueMessage.FenceDeviceMissing, Warning, Configuration,
            "no usable fence device for <nodes>", ["Nodes"],
            "When such a node is lost, its services wait for its guard's time or for an operator, and a machine that is merely paused"
            + " cannot be shut out.",
            "Add a fence device and a method for each node if the machines have one."),

        new(CatalogueMessage.FenceDeviceTwice, Warning, Configuration,
            "fence device <name> is defined twice; the first is used", ["Device"],
            "Two devices share a name, so a method that names it cannot say which one is meant.",
            "Rename or remove one of them."),

        new(CatalogueMessage.FenceAgentInvalid, Warning, Configuration,
            "node <name> is to be fenced by device <name>, whose agent cannot be used", ["Node", "Device"],
            "The device names no agent, or a path where only the name of a fence agent may stand, so the method cannot fence the node.",
            "Name an installed fence agent, such as fence_ipmilan; the package fence-agents has them."),

        new(CatalogueMessage.LeaseLossPolicyUnknown, Warning, Configuration,
            "node <name>: what it does without a lease is unknown; stop is used", ["Node"],
            "Only stop and keep say what becomes of the services of a node that gets no lease.",
            "Write keep where the node has a fence device and is to go on, or leave the attribute out for stop."),

        new(CatalogueMessage.KeepWithoutFenceDevice, Error, Configuration,
            "node <name> is to keep its services without a lease and has no fence device that works; stop is used", ["Node"],
            "What such a node runs could be ended by nothing but a fence device, so that its services could never start elsewhere.",
            "Give the node a fence device, or leave the attribute out so that it stops what it runs."),

        new(CatalogueMessage.DomainNameMissing, Error, Configuration,
            "a failover domain has no name; it was skipped", [],
            "No service can refer to a domain without a name.",
            "Add the attribute name, or remove the domain."),

        new(CatalogueMessage.DomainNodeUnknown, Warning, Configuration,
            "domain <domain> names <name>, which is no node of this cluster", ["Domain", "Node"],
            "The entry matches no clusternode, so it has no effect.",
            "Correct the name or remove the entry."),

        new(CatalogueMessage.DomainEmpty, Warning, Configuration,
            "domain <domain> has no node", ["Domain"],
            "Services in an empty domain run anywhere, or nowhere if it is restricted.",
            "Add a failoverdomainnode for each node that is meant."),

        new(CatalogueMessage.DomainPriorityInvalid, Warning, Configuration,
            "node <name> of an ordered domain has no priority from 1 to 100; it ranks last", ["Node"],
            "Without a priority the order of the domain says nothing about this node.",
            "Give each node of an ordered domain a priority, 1 for the most preferred."),

        new(CatalogueMessage.AttributeMissing, Error, Configuration,
            "<element> needs the attribute <attribute>; it was skipped", ["Element", "Attribute"],
            "The type of the resource requires the attribute, so the resource and all below it were left out.",
            "Add the attribute; the agent's metadata describes it."),

        new(CatalogueMessage.ResourceCollision, Error, Configuration,
            "<element>: another one already has <attribute>; this one was skipped", ["Element", "Attribute"],
            "The attribute names the resource or may be used once only, and an earlier resource of the type has the same value.",
            "Give it another value, or refer to the earlier one with ref."),

        new(CatalogueMessage.ReferenceUnresolved, Error, Configuration,
            "<element> refers to nothing; it was skipped", ["Element"],
            "The section resources holds no resource of this type with that name.",
            "Define it there or correct the reference."),

        new(CatalogueMessage.ReferenceToInline, Error, Configuration,
            "<element> refers to a resource defined inside a service", ["Element"],
            "Only resources of the section resources can be shared; this one belongs to the service it stands in.",
            "Move the definition to resources and refer to it from both places."),

        new(CatalogueMessage.ReferencesTooMany, Error, Configuration,
            "<element> is used more often than its type allows", ["Element"],
            "The type limits in how many places one resource may be used, because its agent could not run in all of them.",
            "Remove references until it fits, or define a second resource."),

        new(CatalogueMessage.ElementUnknown, Warning, Configuration,
            "<element>: no resource type of that name is known; it is ignored", ["Element"],
            "No rule file describes this element, so it and all below it have no effect.",
            "Correct its spelling, install the rule file, or run an OCF agent with the element ocf."),

        new(CatalogueMessage.ChildForbidden, Error, Configuration,
            "<element> must not stand below <element>; it was skipped", ["Element", "Parent"],
            "The parent's type does not allow such a child, since the two would start in a useless order.",
            "Move the resource beside its parent or into another one."),

        new(CatalogueMessage.NestedTooDeep, Error, Configuration,
            "<element> stands too many levels deep; it was skipped", ["Element"],
            "Trees have a limit on their depth, which no useful service reaches.",
            "Make the tree flatter by putting resources side by side."),

        new(CatalogueMessage.ActionOverrideInvalid, Warning, Configuration,
            "<element>: an action has no name or its agent has none like it; it is ignored", ["Element"],
            "An override changes an action that the agent has, and this one has none of that name and depth.",
            "Correct name and depth; to add a status check give it depth, timeout and interval."),

        new(CatalogueMessage.IgnoredBesideReference, Warning, Configuration,
            "what stands below a reference to <element> has no effect", ["Element"],
            "A shared resource has one definition, and its actions are read there only.",
            "Move it to the definition in resources."),

        new(CatalogueMessage.TypeNotYetRun, Warning, Configuration,
            "resources of type <name> are not yet run by this version", ["Type"],
            "The configuration is understood, and starting such a resource fails until a later version can run it.",
            "Use an OCF agent in its place, or wait for that version."),

        new(CatalogueMessage.RecoveryPolicyUnknown, Warning, Configuration,
            "<element>: this recovery policy is unknown; restart is used", ["Element"],
            "Only restart, relocate, disable and restart-disable say what to do when a service fails.",
            "Write one of these four, or leave the attribute out for restart."),

        new(CatalogueMessage.DependencyUnknown, Error, Configuration,
            "<name> depends on <name>, which is not configured", ["Service", "Dependency"],
            "A service that is not configured cannot be waited for, so the dependency has no effect and the service starts without it.",
            "Define the other service or correct the dependency."),

        new(CatalogueMessage.AgentNameInvalid, Error, Configuration,
            "<element> does not name an OCF agent as provider:Type", ["Element"],
            "Agents are found by provider and type in the executor's own directories and never by a path.",
            "Write it as provider and type with a colon between, like heartbeat:IPaddr2."),

        new(CatalogueMessage.ElementNotYetUsed, Warning, Configuration,
            "<element> is not used by this version", ["Element"],
            "The element means something to rgmanager that this version does not do.",
            "Check that the cluster does what you need without it."),

        new(CatalogueMessage.DependencyCircle, Error, Configuration,
            "<names> depend on each other in a circle: none of them can ever start", ["Services"],
            "Each of them waits until the next one runs, and the last waits for the first.",
            "Remove depend from one of them."),

        new(CatalogueMessage.IgnoredBelowDefinition, Warning, Configuration,
            "<element> stands below <element> in resources and has no effect there", ["Element", "Definition"],
            "The list of shared resources only defines them; what starts with a resource is read where a service refers to it.",
            "Move it below the reference inside a service."),

        new(CatalogueMessage.StopFailurePolicyUnknown, Warning, Configuration,
            "<element>: what a failed stop leads to is unknown; hold is used", ["Element"],
            "Only hold and fence say what to do when a stop was not proven.",
            "Write fence to have the node cut off, or leave the attribute out for hold."),

        new(CatalogueMessage.DependencyInvalid, Warning, Configuration,
            "<element>: what it asks of another service cannot be understood", ["Element"],
            "An element, a name or a word in dependencies is none of those that mean something, so that part of it has no effect. Where a whole element is skipped it is an error.",
            "Write dependency with the name of a service and below it target with the name of another and require or colocate."),

        new(CatalogueMessage.NonCriticalShared, Warning, Configuration,
            "<element> is used more than once and cannot be left stopped as non-critical; it counts as independent", ["Element"],
            "What two places need cannot be left out of one of them, so its failure is handled as that of an independent subtree.",
            "Give each service a resource of its own, or write 1 in place of 2 to say that independent is meant."),

        new(CatalogueMessage.ElementMisplaced, Error, Configuration,
            "<element> belongs directly below <element>; it was skipped, with all below it", ["Element", "Parent"],
            "The element means something in one place only and stands in another or is written in other letters, so what it asks for would silently not be done.",
            "Move it to the place that the message names: dependencies, failoverdomains, resources and services stand directly below rm."),

        new(CatalogueMessage.ServiceWithinResource, Warning, Configuration,
            "<element> stands below <element>, so it is no service of its own", ["Element", "Parent"],
            "A service within another is started, stopped and moved with the outer one, and its own domain, policies and dependencies have no effect.",
            "Move it directly below rm, and say in dependencies what the two have to do with each other."),
    ];
}
