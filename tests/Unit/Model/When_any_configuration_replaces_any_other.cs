using Quorate.Model.Configuration;
using Quorate.Model.Deltas;
using Quorate.Model.Resources;

namespace Quorate.Tests.Unit.Model;

/// <summary>What holds for every pair of configurations, tried on pairs made of chance and a seed.</summary>
public sealed class When_any_configuration_replaces_any_other
{
    private const int Pairs = 500;

    /// <summary>Source: rgmanager.md 2.9. What ran, without what stopped, with what started, is what the new configuration says.</summary>
    [Fact]
    public void What_runs_afterwards_is_what_the_new_configuration_says()
    {
        for (int seed = 0; seed < Pairs; seed++)
        {
            ClusterConfiguration before = Any(seed);
            ClusterConfiguration after = Any(seed + Pairs);

            HashSet<string> running = Places(before);
            ConfigurationDelta delta = ConfigurationDelta.Between(before, after);
            running.ExceptWith(Places(before, [.. delta.Services.SelectMany(service => service.Down)]));
            HashSet<string> started = Places(after, [.. delta.Services.SelectMany(service => service.Up)]);
            HashSet<string> twice = [.. running.Intersect(started)];
            running.UnionWith(started);

            Assert.True(twice.Count == 0, $"seed {seed}: started though it ran: {string.Join(", ", twice)}");
            Assert.True(running.SetEquals(Places(after)), $"seed {seed}: {string.Join(", ", running.Order())}; expected {string.Join(", ", Places(after).Order())}");
        }
    }

    /// <summary>Two orders, and a third configuration that comes into force between them: what runs in the end is what that one says.</summary>
    [Fact]
    public void A_running_tree_reaches_the_newest_configuration_whatever_it_was_pruned_for()
    {
        for (int seed = 0; seed < Pairs; seed++)
        {
            (ClusterConfiguration first, ClusterConfiguration second, ClusterConfiguration third) = (Any(seed), Any(seed + Pairs), Any(seed + (2 * Pairs)));
            foreach (ServiceDefinition service in first.Services)
            {
                if (second.FindService(service.Name) is not { } wanted || third.FindService(service.Name) is not { } last
                    || ConfigurationDelta.Between(first, second).Compare(service.Tree, wanted.Tree).Kept is not { } kept)
                {
                    continue;
                }

                TreeDelta delta = ConfigurationDelta.Between(first, third).Compare(kept, last.Tree);
                TreeDelta again = delta.Kept is { } left ? ConfigurationDelta.Between(first, third).Compare(left, last.Tree) : delta;

                HashSet<string> running = delta.Kept is { } rest ? [.. Places(rest, "", _ => true)] : [];
                HashSet<string> started = [.. Places(last.Tree, "", node => delta.Up.Any(operation => operation.Kind == OperationKind.Start && ReferenceEquals(operation.Node, node)))];
                Assert.True(delta.Kept is null || again.Down.IsEmpty, $"seed {seed}: {service.Name} stops twice");
                Assert.Equal(delta.Up.Select(operation => (operation.Kind, operation.Node.Label)), again.Up.Select(operation => (operation.Kind, operation.Node.Label)));
                Assert.True(!running.Overlaps(started), $"seed {seed}: {service.Name} starts what runs");
                running.UnionWith(started);
                Assert.True(running.SetEquals(Places(last.Tree, "", _ => true)), $"seed {seed}: {service.Name} runs {string.Join(", ", running.Order())}");
            }
        }
    }

    /// <summary>DESIGN 9: in stop order and in start order. A parent that goes takes its children with it.</summary>
    [Fact]
    public void Operations_come_in_the_order_of_their_trees()
    {
        for (int seed = 0; seed < Pairs; seed++)
        {
            foreach (ServiceDelta service in ConfigurationDelta.Between(Any(seed), Any(seed + Pairs)).Services)
            {
                List<ResourceNode> stops = service.Before is { } old ? [.. ResourceOrder.Stop(old.Tree)] : [];
                List<ResourceNode> starts = service.After is { } present ? [.. ResourceOrder.Start(present.Tree)] : [];

                Assert.True(IsSorted(service.Down.Select(operation => IndexOf(stops, operation.Node))), $"seed {seed}: down-phase of {service.Name}");
                Assert.True(IsSorted(service.Up.Select(operation => IndexOf(starts, operation.Node))), $"seed {seed}: up-phase of {service.Name}");
                Assert.All(service.Down, operation => Assert.All(operation.Node.Children, child => Assert.Contains(service.Down, below => ReferenceEquals(below.Node, child))));
                Assert.All(service.Up, operation => Assert.NotEmpty(operation.Reason));
            }
        }
    }

    private static bool IsSorted(IEnumerable<int> places) => places.Zip(places.Skip(1)).All(pair => pair.First < pair.Second) && places.All(place => place >= 0);

    private static int IndexOf(List<ResourceNode> nodes, ResourceNode node) => nodes.FindIndex(other => ReferenceEquals(other, node));

    /// <summary>A few services with a few resources of few names, so that two of them have much in common.</summary>
    private static ClusterConfiguration Any(int seed)
    {
        Random chance = new(seed);
        string Tree(int depth) => string.Concat(Enumerable.Range(0, chance.Next(4)).Select(_ => Element(depth)));
        string Element(int depth)
        {
            string below = depth < 3 && chance.Next(3) == 0 ? Tree(depth + 1) : "";
            string name = $"{(char)('a' + chance.Next(6))}";
            return chance.Next(4) switch
            {
                0 => $"""<script name="{name}" file="/{name}{chance.Next(2)}">{below}</script>""",
                1 => $"""<ip address="10.0.0.{(int)name[0]}" monitor_link="{chance.Next(2)}">{below}</ip>""",
                2 => $"""<nfsclient ref="{name}">{below}</nfsclient>""",
                _ => $"""<mysql name="{name}" shutdown_wait="{chance.Next(2)}">{below}</mysql>""",
            };
        }

        string shared = string.Concat("abcdef".Select(name => $"""<nfsclient name="{name}" target="{chance.Next(3)}"/>"""));
        string services = string.Concat(Enumerable.Range(0, 3).Where(_ => chance.Next(4) > 0).Select(number =>
            $"""<service name="s{number}" recovery="{(chance.Next(2) == 0 ? "restart" : "relocate")}" nfslock="{chance.Next(5) / 4}">{Tree(1)}</service>"""));
        return Conf.ReadRm($"<resources>{shared}</resources>{services}").Configuration!;
    }

    private static HashSet<string> Places(ClusterConfiguration configuration) =>
        [.. configuration.Services.SelectMany(service => Places(service.Tree, "", _ => true))];

    private static HashSet<string> Places(ClusterConfiguration configuration, List<ResourceOperation> operations) =>
    [
        .. configuration.Services.SelectMany(service => Places(
            service.Tree,
            "",
            node => operations.Exists(operation => operation.Kind != OperationKind.Reconfigure && ReferenceEquals(operation.Node, node)))),
    ];

    /// <summary>The way to each resource, with the values that only a stop and a start can change.</summary>
    private static IEnumerable<string> Places(ResourceNode node, string above, Func<ResourceNode, bool> counts)
    {
        string values = string.Join(' ', node.Type.Parameters
            .Where(parameter => parameter is { IsReconfigurable: false, Inherit: null } && node.Attributes.ContainsKey(parameter.Name))
            .Select(parameter => $"{parameter.Name}={node.Attributes[parameter.Name]}"));
        string here = $"{above}/{node.Label}({values})";
        return [.. counts(node) ? [here] : Array.Empty<string>(), .. node.Children.SelectMany(child => Places(child, here, counts))];
    }
}
