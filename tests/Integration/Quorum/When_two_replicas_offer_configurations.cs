using System.Data.Common;
using Quorate.Hosting.Database;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;
using Quorate.Quorum.Service;
using Quorate.Quorum.Service.Configuration;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Quorum;

/// <summary>The statements that keep the newest configuration, on both databases.</summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_two_replicas_offer_configurations(RealEngines engines) : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("configuration-");

    /// <summary>Of two texts of one version the first that came is kept: an operator who forgot to raise it must not split the replicas.</summary>
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Only_a_newer_version_is_taken_and_all_follow_it(string engine)
    {
        await using IDatabase database = await MigratedAsync(engine);
        await using DbConnection connection = await database.OpenAsync();
        ConfigurationStore store = new(connection, null);
        ConfigurationInForce own = new(Read(3, "a").Configuration, Read(3, "a").Text);

        bool[] taken =
        [
            await OfferAsync(store, 5, "a"), await OfferAsync(store, 5, "a"), await OfferAsync(store, 5, "b"), await OfferAsync(store, 4, "a"),
        ];
        bool followed = await store.RefreshAsync(own);
        bool followedAgain = await store.RefreshAsync(own);
        string after = own.Current.Digest;
        bool[] later = [await OfferAsync(store, 6, "b"), await store.RefreshAsync(own)];

        Assert.Equal([true, false, false, false], taken);
        Assert.Equal((true, false, Read(5, "a").Configuration.Digest), (followed, followedAgain, after));
        Assert.Equal([true, true], later);
        Assert.Equal((6, "b"), (own.Current.Version, own.Current.Nodes[0].Name.Value));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Before_any_was_offered_each_keeps_its_own(string engine)
    {
        await using IDatabase database = await MigratedAsync(engine);
        await using DbConnection connection = await database.OpenAsync();
        ConfigurationInForce own = new(Read(3, "a").Configuration, Read(3, "a").Text);

        Assert.False(await new ConfigurationStore(connection, null).RefreshAsync(own));
        Assert.Equal(3, own.Current.Version);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static Task<bool> OfferAsync(ConfigurationStore store, int version, string node) =>
        store.OfferAsync(Read(version, node).Configuration.Digest, version, Read(version, node).Text, Noon);

    private static (ClusterConfiguration Configuration, string Text) Read(int version, string node)
    {
        string text = $"""<cluster name="test" config_version="{version}"><clusternodes><clusternode name="{node}" nodeid="1" votes="1"/></clusternodes><rm/></cluster>""";
        return (ClusterConfigurationReader.Read(text, ResourceTypeCatalog.BuiltIn).Configuration!, text); // it is sound
    }

    private async Task<IDatabase> MigratedAsync(string engine)
    {
        IDatabase database = DatabaseFactory.Create(
            engine == "sqlite" ? $"sqlite:{Path.Combine(_directory.FullName, "quorum.db")}" : await engines.NewPostgresDatabaseAsync());
        await database.MigrateAsync(QuorumTables.Prefix, QuorumTables.Migrations);
        return database;
    }
}
